namespace Carillon.Stores.Tests;

public sealed class InMemoryAddingTests : AddingTests<InMemoryStores>;

public sealed class SqliteAddingTests : AddingTests<SqliteStores>;
