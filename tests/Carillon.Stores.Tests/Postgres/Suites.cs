using Carillon.Conformance;

namespace Carillon.Stores.Tests.Postgres;

public sealed class PostgresAddingTests : AddingTests<PostgresStores>;

public sealed class PostgresLeasingTests : LeasingTests<PostgresStores>;

public sealed class PostgresSettlingTests : SettlingTests<PostgresStores>;

public sealed class PostgresReadingTests : ReadingTests<PostgresStores>;

public sealed class PostgresManagingTests : ManagingTests<PostgresStores>;

public sealed class PostgresConcurrencyTests : ConcurrencyTests<PostgresStores>;

public sealed class PostgresSweepingTests : SweepingTests<PostgresStores>;

public sealed class PostgresNextDueTests : NextDueTests<PostgresStores>;
