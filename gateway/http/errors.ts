/** An answer in the shape of GraphQL for requests that no operation came out of. */
export const graphQLError = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] })
