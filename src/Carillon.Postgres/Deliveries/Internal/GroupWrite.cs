using Carillon.Deliveries;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>New deliveries, or settlements of completed ones. Its caller is told of those whose lease was lost.</summary>
internal sealed class GroupWrite : GroupCall<IReadOnlyList<LeasedDelivery>>
{
    internal GroupWrite(IReadOnlyList<NewDelivery> added) => Added = added;

    internal GroupWrite(IReadOnlyList<Settlement> completed) => Completed = completed;

    internal IReadOnlyList<NewDelivery> Added { get; } = [];

    internal IReadOnlyList<Settlement> Completed { get; } = [];

    internal override int Rows => Added.Count + Completed.Count;

    internal override long Bytes
    {
        get
        {
            var bytes = 0L;
            for (var i = 0; i < Added.Count; i++)
            {
                bytes += Added[i].Envelope.Payload.Length;
            }

            return bytes;
        }
    }

    internal override string What => Added.Count > 0 ? DeliveryWords.Write(Added) : DeliveryWords.Settle(Completed);
}
