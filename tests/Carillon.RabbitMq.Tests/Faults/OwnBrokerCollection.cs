namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>Those that hurt a broker share one, one after the other: it takes seconds to start.</summary>
[CollectionDefinition]
public sealed class OwnBrokerCollection : ICollectionFixture<OwnBroker>;
