/** event.senderFrame and webContents.mainFrame: the frame in which the preload runs. */
export class WebFrameMain {
  readonly frameTreeNodeId: number
  readonly processId = 1
  readonly routingId = 1
  readonly name = ''
  readonly parent = null
  readonly frames: WebFrameMain[] = []
  readonly #url: () => string
  readonly #isDestroyed: () => boolean

  constructor(options: { id: number; url: () => string; isDestroyed: () => boolean }) {
    this.frameTreeNodeId = options.id
    this.#url = options.url
    this.#isDestroyed = options.isDestroyed
  }
  get top(): WebFrameMain {
    return this
  }
  get framesInSubtree(): WebFrameMain[] {
    return [this]
  }
  get url(): string {
    return this.#url()
  }
  /** scheme://host[:port], also for the app's own scheme, for which URL.origin says "null". */
  get origin(): string {
    if (!URL.canParse(this.url)) return 'null'
    const { origin, protocol, host } = new URL(this.url)
    return origin === 'null' && host !== '' ? `${protocol}//${host}` : origin
  }
  isDestroyed(): boolean {
    return this.#isDestroyed()
  }
}
