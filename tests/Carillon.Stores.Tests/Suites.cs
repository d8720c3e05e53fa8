namespace Carillon.Stores.Tests;

public sealed class InMemoryAddingTests : AddingTests<InMemoryStores>;

public sealed class InMemoryLeasingTests : LeasingTests<InMemoryStores>;

public sealed class InMemorySettlingTests : SettlingTests<InMemoryStores>;

public sealed class InMemoryReadingTests : ReadingTests<InMemoryStores>;

public sealed class InMemoryManagingTests : ManagingTests<InMemoryStores>;

public sealed class InMemoryConcurrencyTests : ConcurrencyTests<InMemoryStores>;

public sealed class SqliteAddingTests : AddingTests<SqliteStores>;

public sealed class SqliteLeasingTests : LeasingTests<SqliteStores>;

public sealed class SqliteSettlingTests : SettlingTests<SqliteStores>;

public sealed class SqliteReadingTests : ReadingTests<SqliteStores>;

public sealed class SqliteManagingTests : ManagingTests<SqliteStores>;

public sealed class SqliteConcurrencyTests : ConcurrencyTests<SqliteStores>;
