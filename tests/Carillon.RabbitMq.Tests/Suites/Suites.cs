using Carillon.Conformance.Transports;

namespace Carillon.RabbitMq.Tests.Suites;

public sealed class QuorumCarryingTests : CarryingTests<QuorumTransports>;

public sealed class QuorumAnsweringTests : AnsweringTests<QuorumTransports>;

public sealed class QuorumDeadLetterTests : DeadLetterTests<QuorumTransports>;

public sealed class QuorumSubscribingTests : SubscribingTests<QuorumTransports>;

public sealed class QuorumCompetingTests : CompetingTests<QuorumTransports>;

public sealed class QuorumStoppingTests : StoppingTests<QuorumTransports>;

public sealed class ClassicCarryingTests : CarryingTests<ClassicTransports>;

public sealed class ClassicAnsweringTests : AnsweringTests<ClassicTransports>;

public sealed class ClassicDeadLetterTests : DeadLetterTests<ClassicTransports>;

public sealed class ClassicSubscribingTests : SubscribingTests<ClassicTransports>;

public sealed class ClassicCompetingTests : CompetingTests<ClassicTransports>;

public sealed class ClassicStoppingTests : StoppingTests<ClassicTransports>;
