using Carillon.Conformance;

namespace Carillon.Stores.Tests.Sqlite;

public sealed class SqliteAddingTests : AddingTests<SqliteStores>;

public sealed class SqliteLeasingTests : LeasingTests<SqliteStores>;

public sealed class SqliteSettlingTests : SettlingTests<SqliteStores>;

public sealed class SqliteReadingTests : ReadingTests<SqliteStores>;

public sealed class SqliteManagingTests : ManagingTests<SqliteStores>;

public sealed class SqliteConcurrencyTests : ConcurrencyTests<SqliteStores>;

public sealed class SqliteSweepingTests : SweepingTests<SqliteStores>;

public sealed class SqliteNextDueTests : NextDueTests<SqliteStores>;
