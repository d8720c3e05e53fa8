using Carillon.Conformance.Transports;

namespace Carillon.Stores.Tests.Transports;

public sealed class InMemoryCarryingTests : CarryingTests<InMemoryTransports>;

public sealed class InMemoryAnsweringTests : AnsweringTests<InMemoryTransports>;

public sealed class InMemoryDeadLetterTests : DeadLetterTests<InMemoryTransports>;

public sealed class InMemorySubscribingTests : SubscribingTests<InMemoryTransports>;

public sealed class InMemoryCompetingTests : CompetingTests<InMemoryTransports>;

public sealed class InMemoryStoppingTests : StoppingTests<InMemoryTransports>;
