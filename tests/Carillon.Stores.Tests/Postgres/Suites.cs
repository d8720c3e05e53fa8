using Carillon.Conformance;
using Carillon.Conformance.Sagas;
using Carillon.Stores.Tests.Sagas;

namespace Carillon.Stores.Tests.Postgres;

public sealed class PostgresAddingTests : AddingTests<PostgresStores>;

public sealed class PostgresDeclaringTests : DeclaringTests<PostgresStores>;

public sealed class PostgresLeasingTests : LeasingTests<PostgresStores>;

public sealed class PostgresQueueTests : QueueTests<PostgresStores>;

public sealed class PostgresNextDueTests : NextDueTests<PostgresStores>;

public sealed class PostgresKeyLimitTests : KeyLimitTests<PostgresStores>;

public sealed class PostgresOrderTests : OrderTests<PostgresStores>;

public sealed class PostgresOrderAfterFailureTests : OrderAfterFailureTests<PostgresStores>;

public sealed class PostgresUniquenessTests : UniquenessTests<PostgresStores>;

public sealed class PostgresReplacingTests : ReplacingTests<PostgresStores>;

public sealed class PostgresSettlingTests : SettlingTests<PostgresStores>;

public sealed class PostgresOutcomeTests : OutcomeTests<PostgresStores>;

public sealed class PostgresCancellingTests : CancellingTests<PostgresStores>;

public sealed class PostgresManagingTests : ManagingTests<PostgresStores>;

public sealed class PostgresSweepingTests : SweepingTests<PostgresStores>;

public sealed class PostgresRetentionTests : RetentionTests<PostgresStores>;

public sealed class PostgresReadingTests : ReadingTests<PostgresStores>;

public sealed class PostgresFilterTests : FilterTests<PostgresStores>;

public sealed class PostgresPagingTests : PagingTests<PostgresStores>;

public sealed class PostgresHostileInputTests : HostileInputTests<PostgresStores>;

public sealed class PostgresInboxTests : InboxTests<PostgresStores>;

public sealed class PostgresTransactionTests : TransactionTests<PostgresStores>;

public sealed class PostgresSideBySideTests : SideBySideTests<PostgresStores>;

public sealed class PostgresInTurnTests : InTurnTests<PostgresStores>;

public sealed class PostgresRestartTests : RestartTests<PostgresStores>;

public sealed class PostgresTellingTests : TellingTests<PostgresStores>;

public sealed class PostgresConcurrencyTests : ConcurrencyTests<PostgresStores>;

public sealed class PostgresRacingTests : RacingTests<PostgresStores>;

public sealed class PostgresRandomizedTests : RandomizedTests<PostgresStores>;

public sealed class PostgresSagaStoreTests : SagaStoreTests<PostgresStores>;

public sealed class PostgresSagaTests : SagaTests<PostgresStores>;

public sealed class PostgresSagaEventTests : SagaEventTests<PostgresStores>;

public sealed class PostgresSagaTimeOutTests : SagaTimeOutTests<PostgresStores>;

public sealed class PostgresSagaStateTests : SagaStateTests<PostgresStores>;
