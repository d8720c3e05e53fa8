using Carillon.Conformance.Transports;

namespace Carillon.Postgres.Tests.Transports;

public sealed class PostgresCarryingTests : CarryingTests<PostgresTransports>;

public sealed class PostgresSubscribingTests : SubscribingTests<PostgresTransports>;

public sealed class PostgresAnsweringTests : AnsweringTests<PostgresTransports>;

public sealed class PostgresCompetingTests : CompetingTests<PostgresTransports>;

public sealed class PostgresStoppingTests : StoppingTests<PostgresTransports>;

public sealed class PostgresDeadLetterTests : DeadLetterTests<PostgresTransports>;

public sealed class PollingAnsweringTests : AnsweringTests<PollingTransports>;

public sealed class PollingCompetingTests : CompetingTests<PollingTransports>;

public sealed class PollingStoppingTests : StoppingTests<PollingTransports>;
