using Carillon.Conformance;
using Carillon.Conformance.Sagas;
using Carillon.Stores.Tests.Sagas;

namespace Carillon.Stores.Tests.Sqlite;

public sealed class SqliteAddingTests : AddingTests<SqliteStores>;

public sealed class SqliteDeclaringTests : DeclaringTests<SqliteStores>;

public sealed class SqliteLeasingTests : LeasingTests<SqliteStores>;

public sealed class SqliteQueueTests : QueueTests<SqliteStores>;

public sealed class SqliteNextDueTests : NextDueTests<SqliteStores>;

public sealed class SqliteKeyLimitTests : KeyLimitTests<SqliteStores>;

public sealed class SqliteOrderTests : OrderTests<SqliteStores>;

public sealed class SqliteOrderAfterFailureTests : OrderAfterFailureTests<SqliteStores>;

public sealed class SqliteUniquenessTests : UniquenessTests<SqliteStores>;

public sealed class SqliteReplacingTests : ReplacingTests<SqliteStores>;

public sealed class SqliteSettlingTests : SettlingTests<SqliteStores>;

public sealed class SqliteOutcomeTests : OutcomeTests<SqliteStores>;

public sealed class SqliteCancellingTests : CancellingTests<SqliteStores>;

public sealed class SqliteManagingTests : ManagingTests<SqliteStores>;

public sealed class SqliteSweepingTests : SweepingTests<SqliteStores>;

public sealed class SqliteRetentionTests : RetentionTests<SqliteStores>;

public sealed class SqliteReadingTests : ReadingTests<SqliteStores>;

public sealed class SqliteFilterTests : FilterTests<SqliteStores>;

public sealed class SqlitePagingTests : PagingTests<SqliteStores>;

public sealed class SqliteHostileInputTests : HostileInputTests<SqliteStores>;

public sealed class SqliteInboxTests : InboxTests<SqliteStores>;

public sealed class SqliteTransactionTests : TransactionTests<SqliteStores>;

public sealed class SqliteSideBySideTests : SideBySideTests<SqliteStores>;

public sealed class SqliteInTurnTests : InTurnTests<SqliteStores>;

public sealed class SqliteRestartTests : RestartTests<SqliteStores>;

public sealed class SqliteTellingTests : TellingTests<SqliteStores>;

public sealed class SqliteConcurrencyTests : ConcurrencyTests<SqliteStores>;

public sealed class SqliteRacingTests : RacingTests<SqliteStores>;

public sealed class SqliteRandomizedTests : RandomizedTests<SqliteStores>;

public sealed class SqliteSagaStoreTests : SagaStoreTests<SqliteStores>;

public sealed class SqliteSagaTests : SagaTests<SqliteStores>;

public sealed class SqliteSagaEventTests : SagaEventTests<SqliteStores>;

public sealed class SqliteSagaTimeOutTests : SagaTimeOutTests<SqliteStores>;

public sealed class SqliteSagaStateTests : SagaStateTests<SqliteStores>;
