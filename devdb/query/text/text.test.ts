import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInProcess } from '../../testing.ts'
import { languageOf } from './textLanguages.ts'
import { parseSearch } from './textSearch.ts'
import { stemEnglish } from './textStemmer.ts'
import { tokensOf } from './textTokens.ts'

describe('the stemmer', () => {
  // Pairs from the sample vocabulary of the published algorithm.
  test.each([
    ['consigned', 'consign'],
    ['consistency', 'consist'],
    ['consolation', 'consol'],
    ['knightly', 'knight'],
    ['knives', 'knive'],
    ['running', 'run'],
    ['hopping', 'hop'],
    ['hoping', 'hope'],
    ['ties', 'tie'],
    ['cries', 'cri'],
    ['cry', 'cri'],
    ['by', 'by'],
    ['say', 'say'],
    ['Coffee', 'Coffe'],
    ['youth', 'youth'],
    ['generously', 'generous'],
    ['communication', 'communic'],
    ['relational', 'relat'],
    ['agreed', 'agre'],
    ['skies', 'sky'],
    ['dying', 'die'],
    ['inning', 'inning'],
    ['proceed', 'proceed'],
    ['nationality', 'nation'],
    ['hopefulness', 'hope'],
    ['adoption', 'adopt'],
    ['controlling', 'control'],
    ["dog's", 'dog'],
    ['coffee', 'coffe'],
  ])('takes %s to %s', (word, stem) => expect(stemEnglish(word)).toBe(stem))
})

describe('tokens and searches', () => {
  test('given English, then stop words are left out, and case, accents and endings do not count', () => {
    expect(tokensOf("The Café's RUNNING, isn't it? e-mail_list", languageOf('en'))).toEqual([
      'cafe',
      'run',
      'e',
      'mail_list',
    ])
  })
  test('given another language or none, then words stay as they are', () => {
    expect(tokensOf('The running', languageOf('none'))).toEqual(['the', 'running'])
    expect(tokensOf('Die Läufer', languageOf('german'))).toEqual(['die', 'laufer'])
  })
  test.each([
    ['red shoes', ' red shoes', '', [], []],
    ['red -blue', ' red', ' blue', [], []],
    ['-blue red-hot', ' red hot', ' blue', [], []],
    ['- blue', ' blue', '', [], []],
    ['"red shoes" big', ' red shoes big', '', ['red shoes'], []],
    ['big -"red shoes"', ' big', '', [], ['red shoes']],
    ['"open', ' open', '', [], []],
  ])('reads %s', (search, positive, negative, phrases, unwantedPhrases) => {
    expect(parseSearch(search)).toEqual({ sentence: { positive, negative }, phrases, unwantedPhrases })
  })
})

describe('$text', () => {
  let server: Awaited<ReturnType<typeof startInProcess>>
  let client: mongoose.mongo.MongoClient
  beforeAll(async () => {
    server = await startInProcess()
    client = await mongoose.mongo.MongoClient.connect(server.url)
    const articles = client.db('text').collection<{ _id: number }>('articles')
    await articles.insertMany([
      { _id: 1, title: 'Coffee', body: 'Shopping for coffee', shop: 1 },
      { _id: 2, title: 'Baking a cake', body: 'A cake with coffee, then coffee again', shop: 1 },
      { _id: 3, title: 'Café Olé', body: 'Red shoes', shop: 2 },
      { _id: 4, title: 'Läufer', body: 'the runner', language: 'none', shop: 2 },
      { _id: 5, shop: 2 },
    ] as never[])
    await articles.createIndex({ title: 'text', body: 'text' }, { weights: { title: 10 }, name: 'words' })
    const shops = client.db('text').collection('shops')
    await shops.insertMany([1, 2].map((shop) => ({ shop, title: 'tea cup' })))
    await shops.createIndex({ shop: 1, title: 'text' })
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
  })
  const articles = () => client.db('text').collection('articles')
  const ids = async ($text: object, rest: object = {}): Promise<unknown[]> =>
    (
      await articles()
        .find({ $text, ...rest } as object)
        .sort({ _id: 1 })
        .toArray()
    ).map(({ _id }) => _id)

  test.each([
    ['any of the words', { $search: 'cake shoes' }, [2, 3]],
    ['a stem', { $search: 'shopped' }, [1]],
    ['an accent left out', { $search: 'cafe ole' }, [3]],
    ['accents that count', { $search: 'cafe', $diacriticSensitive: true }, []],
    ['case that counts', { $search: 'Coffee', $caseSensitive: true }, [1]],
    ['a phrase', { $search: '"a cake"' }, [2]],
    ['a word ruled out', { $search: 'coffee -cake' }, [1]],
    ['a phrase ruled out', { $search: 'coffee -"coffee again"' }, [1]],
    ['a text in no language', { $search: 'the', $language: 'none' }, [4]],
    ['nothing but stop words', { $search: 'the and' }, []],
    ['nothing but a negation', { $search: '-coffee' }, []],
    ['an empty search', { $search: '' }, []],
  ])('given %s, then it finds what MongoDB finds', async (_name, $text, expected) => {
    expect(await ids($text)).toEqual(expected)
  })

  test('given weights, then the score is that of the formula, projected and sorted by', async () => {
    const score = { $meta: 'textScore' }
    const found = await articles()
      .find({ $text: { $search: 'coffee' } }, { projection: { score } })
      .sort({ score } as never)
      .toArray()
    // Title alone: 10 * 1 * 1, no bonus because the stem is shorter; body: 1 of 2 words. Then: 2 of 3 words, repeated.
    expect(found.map(({ _id, score: value }) => [_id, value])).toEqual([
      [1, 10 + 0.75],
      [2, 1.5 * (1 / 3 + 0.5)],
    ])
  })

  test('given other conditions or an alternative that has an index, then all of them count', async () => {
    expect(await ids({ $search: 'coffee' }, { shop: 1, _id: { $gt: 1 } })).toEqual([2])
    const either = await articles()
      .find({ $or: [{ $text: { $search: 'shoes' } }, { _id: 5 }] } as object)
      .toArray()
    expect(either.map(({ _id }) => _id).sort()).toEqual([3, 5])
  })

  test.each<[string, object, number]>([
    ['two of them', { $and: [{ $text: { $search: 'a' } }, { $text: { $search: 'b' } }] }, 2],
    ['one inside $nor', { $nor: [{ $text: { $search: 'a' } }] }, 2],
    ['one inside $elemMatch', { a: { $elemMatch: { $text: { $search: 'a' } } } }, 2],
    ['an alternative without an index', { $or: [{ $text: { $search: 'a' } }, { other: 1 }] }, 291],
    ['an unknown language', { $text: { $search: 'a', $language: 'klingon' } }, 2],
    ['an unknown option', { $text: { $search: 'a', $fuzzy: true } }, 2],
    ['a search that is no string', { $text: { $search: 1 } }, 14],
    ['no search', { $text: {} }, 4],
  ])('given %s, then it is refused', async (_name, filter, code) => {
    await expect(articles().find(filter).toArray()).rejects.toMatchObject({ code })
  })

  test('given no text index, or a prefix that is not fixed, then it is refused', async () => {
    const search = { $text: { $search: 'tea' } }
    await expect(client.db('text').collection('none').insertOne({})).resolves.toBeTruthy()
    await expect(client.db('text').collection('none').find(search).toArray()).rejects.toMatchObject({ code: 27 })
    const shops = client.db('text').collection('shops')
    await expect(shops.find(search).toArray()).rejects.toMatchObject({ code: 291 })
    expect(await shops.find({ ...search, shop: 2 }).toArray()).toHaveLength(1)
  })
})
