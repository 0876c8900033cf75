; Compiled into the Windows installer by electron-builder.
!include WordFunc.nsh

!macro customInit
  ; An older app refuses a newer log, so going back would lock staff out of their own work: refuse it here, in words,
  ; unless /FORCEDOWNGRADE is given. 1638: another version is already installed.
  ReadRegStr $R7 HKLM "${UNINSTALL_REGISTRY_KEY}" "DisplayVersion"
  ${if} $R7 != ""
    ${VersionCompare} "$R7" "${VERSION}" $R8
    ${if} $R8 == 1
      ${GetParameters} $R9
      ClearErrors
      ${GetOptions} $R9 "/FORCEDOWNGRADE" $R6
      ${if} ${Errors}
        MessageBox MB_OK|MB_ICONSTOP "A newer version of Counterfoil ($R7) is already installed." /SD IDOK
        SetErrorLevel 1638
        Quit
      ${endif}
      ClearErrors
    ${endif}
  ${endif}
!macroend
