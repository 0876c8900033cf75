/** Different words, each with a number: those that begin with something are found without reading the others. */
export interface PrefixWords {
  /** Adds a word that is not in it. */
  add(word: string, id: number): void
  /** Visits the number of every word that begins so, in no particular order. */
  each(prefix: string, visit: (id: number) => void): void
}

/** Words that share their first letters, few enough to be looked at one by one; or all such by their next letter. */
type Node = Leaf | Branch
interface Leaf {
  readonly words: string[]
  readonly ids: number[]
}
interface Branch {
  readonly words: null
  readonly byUnit: Map<number, Node>
  /** Of the word that has no next letter. */
  whole: number | null
}

const FEW = 256

/**
 * No words. A burst trie (Heinz, Zobel and Williams, 2002): a word costs a few steps whenever it comes, and nothing is
 * left to be done when somebody searches, while a sorted list has to be put in order again after every page of a pull.
 */
export function createPrefixWords(): PrefixWords {
  const root = newBranch()

  return {
    add(word, id) {
      let branch = root
      for (let depth = 0; ; depth++) {
        if (depth === word.length) {
          branch.whole = id
          return
        }
        const unit = word.charCodeAt(depth)
        const next = branch.byUnit.get(unit)
        if (next?.words === null) {
          branch = next
          continue
        }
        const leaf = put(branch, unit, next, word, id)
        if (leaf.words.length > FEW) branch.byUnit.set(unit, burst(leaf, depth + 1))
        return
      }
    },
    each(prefix, visit) {
      let node: Node | undefined = root
      for (let depth = 0; node && depth < prefix.length; depth++) {
        if (node.words !== null) {
          for (const [at, word] of node.words.entries()) if (word.startsWith(prefix)) visit(node.ids[at]!)
          return
        }
        node = node.byUnit.get(prefix.charCodeAt(depth))
      }
      if (node) visitAll(node, visit)
    },
  }
}

function newBranch(): Branch {
  return { words: null, byUnit: new Map(), whole: null }
}

function put(branch: Branch, unit: number, known: Leaf | undefined, word: string, id: number): Leaf {
  const leaf = known ?? { words: [], ids: [] }
  if (!known) branch.byUnit.set(unit, leaf)
  leaf.words.push(word)
  leaf.ids.push(id)
  return leaf
}

/** These words by their letter at that place, which is the first in which they can differ. */
function burst({ words, ids }: Leaf, depth: number): Branch {
  const branch = newBranch()
  for (const [at, word] of words.entries()) {
    const id = ids[at]!
    const unit = word.charCodeAt(depth)
    if (word.length === depth) branch.whole = id
    else put(branch, unit, branch.byUnit.get(unit) as Leaf | undefined, word, id)
  }
  return branch
}

// The words themselves are not looked at here: reading each of them is what a search would spend its time with.
function visitAll(from: Node, visit: (id: number) => void): void {
  const left: Node[] = [from]
  for (let node = left.pop(); node; node = left.pop()) {
    if (node.words !== null) for (const id of node.ids) visit(id)
    else {
      if (node.whole !== null) visit(node.whole)
      for (const next of node.byUnit.values()) left.push(next)
    }
  }
}
