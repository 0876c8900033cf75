@rem `exec` for Windows: sh knows the word, cmd finds this file. It runs what follows.
@%*
