import { EventEmitter } from 'node:events'
import type { MenuItem as ElectronMenuItem, MenuItemConstructorOptions } from 'electron'
import { loudMembers } from '../loud.ts'
import { windows } from './windows.ts'

type ItemType = NonNullable<MenuItemConstructorOptions['type']>

/** One entry of a menu that nobody sees; tests find it by its id and click it. */
export class MenuItem {
  readonly id: string
  readonly type: ItemType
  readonly role: ElectronMenuItem['role']
  readonly accelerator: ElectronMenuItem['accelerator']
  readonly submenu: Menu | undefined
  label: string
  enabled: boolean
  visible: boolean
  checked: boolean
  readonly click: () => void

  constructor(options: MenuItemConstructorOptions) {
    const { submenu, click } = options
    this.id = options.id ?? ''
    this.role = options.role as ElectronMenuItem['role']
    this.type = options.type ?? (submenu === undefined ? 'normal' : 'submenu')
    this.label = options.label ?? options.role ?? ''
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.checked = options.checked ?? false
    this.accelerator = options.accelerator ?? null
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : (submenu as Menu | undefined)
    this.click = () => {
      if (!this.enabled) return
      if (this.type === 'checkbox') this.checked = !this.checked
      if (this.type === 'radio') this.checked = true
      click?.(this as never, windows.focused() as never, {})
    }
  }
}

/** electron.Menu, for the application's menu. Roles do nothing here. */
export class Menu extends EventEmitter {
  static #ofApp: Menu | null = null
  readonly items: MenuItem[] = []

  static buildFromTemplate(template: (MenuItemConstructorOptions | ElectronMenuItem)[]): Menu {
    const menu = new Menu()
    for (const item of template)
      menu.append(item instanceof MenuItem ? item : new MenuItem(item as MenuItemConstructorOptions))
    return menu
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#ofApp = menu
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#ofApp
  }

  append(item: MenuItem): void {
    this.items.push(item)
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}
loudMembers('menu', Menu.prototype)
loudMembers('menuItem', MenuItem.prototype)
