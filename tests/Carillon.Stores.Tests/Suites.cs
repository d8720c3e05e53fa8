using Carillon.Conformance;
using Carillon.Conformance.Sagas;
using Carillon.Stores.Tests.Sagas;

namespace Carillon.Stores.Tests;

public sealed class InMemoryAddingTests : AddingTests<InMemoryStores>;

public sealed class InMemoryDeclaringTests : DeclaringTests<InMemoryStores>;

public sealed class InMemoryLeasingTests : LeasingTests<InMemoryStores>;

public sealed class InMemoryQueueTests : QueueTests<InMemoryStores>;

public sealed class InMemoryNextDueTests : NextDueTests<InMemoryStores>;

public sealed class InMemoryKeyLimitTests : KeyLimitTests<InMemoryStores>;

public sealed class InMemoryOrderTests : OrderTests<InMemoryStores>;

public sealed class InMemoryOrderAfterFailureTests : OrderAfterFailureTests<InMemoryStores>;

public sealed class InMemoryUniquenessTests : UniquenessTests<InMemoryStores>;

public sealed class InMemoryReplacingTests : ReplacingTests<InMemoryStores>;

public sealed class InMemorySettlingTests : SettlingTests<InMemoryStores>;

public sealed class InMemoryOutcomeTests : OutcomeTests<InMemoryStores>;

public sealed class InMemoryCancellingTests : CancellingTests<InMemoryStores>;

public sealed class InMemoryManagingTests : ManagingTests<InMemoryStores>;

public sealed class InMemorySweepingTests : SweepingTests<InMemoryStores>;

public sealed class InMemoryRetentionTests : RetentionTests<InMemoryStores>;

public sealed class InMemoryReadingTests : ReadingTests<InMemoryStores>;

public sealed class InMemoryFilterTests : FilterTests<InMemoryStores>;

public sealed class InMemoryPagingTests : PagingTests<InMemoryStores>;

public sealed class InMemoryHostileInputTests : HostileInputTests<InMemoryStores>;

public sealed class InMemoryInboxTests : InboxTests<InMemoryStores>;

public sealed class InMemoryTransactionTests : TransactionTests<InMemoryStores>;

public sealed class InMemorySideBySideTests : SideBySideTests<InMemoryStores>;

public sealed class InMemoryInTurnTests : InTurnTests<InMemoryStores>;

public sealed class InMemoryRestartTests : RestartTests<InMemoryStores>;

public sealed class InMemoryTellingTests : TellingTests<InMemoryStores>;

public sealed class InMemoryConcurrencyTests : ConcurrencyTests<InMemoryStores>;

public sealed class InMemoryRacingTests : RacingTests<InMemoryStores>;

public sealed class InMemoryRandomizedTests : RandomizedTests<InMemoryStores>;

public sealed class InMemorySagaStoreTests : SagaStoreTests<InMemoryStores>;

public sealed class InMemorySagaTests : SagaTests<InMemoryStores>;

public sealed class InMemorySagaEventTests : SagaEventTests<InMemoryStores>;

public sealed class InMemorySagaTimeOutTests : SagaTimeOutTests<InMemoryStores>;

public sealed class InMemorySagaStateTests : SagaStateTests<InMemoryStores>;
