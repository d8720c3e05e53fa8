using Carillon.Transports;
using Carillon.Transports.Internal;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>An event of the queue.</summary>
/// <param name="id">Its number.</param>
/// <param name="isOrdered">Whether others of its key wait for it.</param>
/// <param name="incoming">The event.</param>
internal sealed class QueueEvent(long id, bool isOrdered, IncomingEvent incoming) : HeldEvent(incoming)
{
    internal long Id => id;

    internal bool IsOrdered => isOrdered;
}
