namespace Carillon.Generators.Models;

/// <summary>How an event tells whether its propagation is stopped.</summary>
internal enum StopCheck
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>By a property of its class, which is quicker to read than through the interface.</summary>
    Property,

    /// <summary>By an explicit or hidden implementation of the interface.</summary>
    Interface,
}
