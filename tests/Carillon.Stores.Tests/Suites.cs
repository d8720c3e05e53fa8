using Carillon.Conformance;

namespace Carillon.Stores.Tests;

public sealed class InMemoryAddingTests : AddingTests<InMemoryStores>;

public sealed class InMemoryLeasingTests : LeasingTests<InMemoryStores>;

public sealed class InMemorySettlingTests : SettlingTests<InMemoryStores>;

public sealed class InMemoryReadingTests : ReadingTests<InMemoryStores>;

public sealed class InMemoryManagingTests : ManagingTests<InMemoryStores>;

public sealed class InMemoryConcurrencyTests : ConcurrencyTests<InMemoryStores>;

public sealed class InMemorySweepingTests : SweepingTests<InMemoryStores>;

public sealed class InMemoryNextDueTests : NextDueTests<InMemoryStores>;
