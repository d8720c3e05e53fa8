namespace Carillon.Generators.Models;

/// <summary>Where an argument comes from.</summary>
internal enum ArgumentSource
{
    /// <summary>A service without which the listener cannot be called.</summary>
    Service,

    /// <summary>A service whose parameter is nullable or has a default value.</summary>
    OptionalService,

    /// <summary>The cancellation token of the dispatch.</summary>
    CancellationToken,

    /// <summary>The event context.</summary>
    Context,

    /// <summary>The transaction of a transactional listener.</summary>
    Transaction,

    /// <summary>Its connection.</summary>
    Connection,

    /// <summary>The container itself.</summary>
    ServiceProvider,
}
