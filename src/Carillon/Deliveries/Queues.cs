namespace Carillon.Deliveries;

/// <summary>Names of queues.</summary>
public static class Queues
{
    /// <summary>The queue of every listener that names none.</summary>
    public const string Default = "default";
}
