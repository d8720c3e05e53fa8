using System.Data.Common;
using Carillon.Aot.Orders;
using Carillon.Sagas;

namespace Carillon.Aot.App;

[Event("parcel.sent")]
internal sealed record ParcelSent(string Parcel, string Sku, TimeSpan Patience);

[Event("parcel.arrived")]
internal sealed record ParcelArrived(string Parcel);

[Event("parcel.delayed")]
internal sealed record ParcelDelayed(string Parcel);

internal sealed class ParcelState
{
    public string Sku { get; set; } = "";
}

/// <summary>A saga with a time-out and what undoes it.</summary>
[Saga("parcel")]
[CorrelatedBy(nameof(ParcelSent.Parcel))]
internal sealed class ParcelProcess(Story story, Arrivals arrivals) : Saga<ParcelState>
{
    [StartedBy]
    public async Task Send(ParcelSent e, DbTransaction transaction, CancellationToken ct)
    {
        State.Sku = e.Sku;
        TimeOut(new ParcelDelayed(e.Parcel), after: e.Patience);
        await using var command = transaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, "INSERT INTO parcels DEFAULT VALUES");
        await command.ExecuteNonQueryAsync(ct);
    }

    [Compensates(nameof(Send))]
    public void Refund(Compensation c)
    {
        story.Tell($"refunded {State.Sku}");
        arrivals.Ended.Release();
    }

    [OnEvent]
    public void Arrive(ParcelArrived e)
    {
        story.Tell($"arrived {State.Sku}");
        Complete();
        arrivals.Ended.Release();
    }

    [OnEvent]
    public void GiveUp(ParcelDelayed e) => Compensate("it has not arrived");
}
