namespace Carillon.EventSourcing.Internal;

/// <summary>A method of a projection threw, or what it was to get cannot be read.</summary>
/// <param name="index">Which event of the batch; their number if it was behind the last.</param>
/// <param name="failed">That event; null if it was behind the last.</param>
/// <param name="cause">What it threw.</param>
internal sealed class ProjectionFault(int index, StoredEvent? failed, Exception cause) : Exception(cause.Message, cause)
{
    internal int Index => index;

    internal StoredEvent? Failed => failed;
}
