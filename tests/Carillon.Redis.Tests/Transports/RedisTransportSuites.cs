using Carillon.Conformance.Transports;

namespace Carillon.Redis.Tests.Transports;

public sealed class RedisCarryingTests : CarryingTests<RedisTransports>;

public sealed class RedisSubscribingTests : SubscribingTests<RedisTransports>;

public sealed class RedisAnsweringTests : AnsweringTests<RedisTransports>;

public sealed class RedisCompetingTests : CompetingTests<RedisTransports>;

public sealed class RedisStoppingTests : StoppingTests<RedisTransports>;

public sealed class RedisDeadLetterTests : DeadLetterTests<RedisTransports>;
