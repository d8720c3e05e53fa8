using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Inbox;
using Carillon.Simulation.Processes;
using Carillon.Simulation.World;

namespace Carillon.Simulation.Database;

/// <summary>The store as one process sees it: each call begins when the scheduler says so, may fail before or after it has happened, and may happen twice.</summary>
internal sealed class SimulatedStore(SimulatedWorld world, SimulatedProcess process) : IDeliveryStore, IInboxStore
{
    private InMemoryDeliveryStore Deliveries => world.Database.Deliveries;

    public string Description => "simulated database";

    public bool JoinsTransactions => true;

    public string? WhyNotIn(DbConnection connection) => null;

    public ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        new(CallAsync("prepares", () => AtOnce.Now(Deliveries.PrepareAsync(CancellationToken.None)), cancellationToken));

    public ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) =>
        new(CallAsync<DbConnection>("connects", () => new SimulatedConnection(world, process), cancellationToken));

    public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        new(CallAsync("adds", () => Add(deliveries), cancellationToken));

    public ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        new(CallAsync(
            "adds in a transaction",
            () =>
            {
                if (world.Sabotage == Sabotage.EarlyWrites)
                {
                    return Add(deliveries);
                }

                ((SimulatedTransaction)transaction).Change(() => Add(deliveries));
                return true;
            },
            cancellationToken));

    public ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken) =>
        new(CallAsync("leases", () => AtOnce.Now(Deliveries.LeaseAsync(request, CancellationToken.None)), cancellationToken));

    public ValueTask<ExtendedLeases> ExtendAsync(IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken) =>
        new(CallAsync("extends", () => AtOnce.Now(Deliveries.ExtendAsync(deliveries, until, CancellationToken.None)), cancellationToken));

    public ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken) =>
        new(CallAsync(
            "settles",
            () =>
            {
                IReadOnlyList<LeasedDelivery> lost = AtOnce.Now(Deliveries.SettleAsync(settlements, CancellationToken.None));
                if (world.Scheduler.Chance(world.Weather.Repeated))
                {
                    _ = AtOnce.Now(Deliveries.SettleAsync(settlements, CancellationToken.None));
                }

                return lost;
            },
            cancellationToken));

    public ValueTask<bool> SettleAsync(DbTransaction transaction, Settlement settlement, CancellationToken cancellationToken) =>
        new(CallAsync(
            "settles in a transaction",
            () =>
            {
                if (world.Sabotage == Sabotage.EarlyCompletions)
                {
                    return AtOnce.Now(Deliveries.SettleAsync([settlement], CancellationToken.None)).Count == 0;
                }

                ((SimulatedTransaction)transaction).Settle(settlement);
                return true;
            },
            cancellationToken));

    public ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken) =>
        new(CallAsync("asks what is due", () => AtOnce.Now(Deliveries.GetNextDueAsync(after, CancellationToken.None)), cancellationToken));

    public ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken) =>
        new(CallAsync("sweeps", () => AtOnce.Now(Deliveries.SweepAsync(request, CancellationToken.None)), cancellationToken));

    public ValueTask<bool> TryRecordAsync(
        DbTransaction? transaction, string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil, CancellationToken cancellationToken) =>
        new(CallAsync(
            "notes in the inbox",
            () => AtOnce.Now(Deliveries.TryRecordAsync(null, consumer, messageId, now, keepUntil, CancellationToken.None)),
            cancellationToken));

    public ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(CallAsync("looks into the inbox", () => AtOnce.Now(Deliveries.IsRecordedAsync(consumer, messageId, now, CancellationToken.None)), cancellationToken));

    public ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken) => Deliveries.ForgetAsync(consumer, messageId, cancellationToken);

    // What people ask for is no part of the simulation: it is answered at once.
    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Deliveries.CountAsync(now, cancellationToken);

    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        Deliveries.ListAsync(query, now, cancellationToken);

    public ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        Deliveries.FindAsync(id, now, cancellationToken);

    public ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        Deliveries.RetryAsync(ids, now, cancellationToken);

    public ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        Deliveries.DiscardAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        Deliveries.CancelAsync(ids, now, keepUntil, cancellationToken);

    public ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        Deliveries.RescheduleAsync(id, dueAt, now, cancellationToken);

    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Deliveries.ListQueuesAsync(now, cancellationToken);

    public ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken) =>
        Deliveries.PauseAsync(queue, now, cancellationToken);

    public ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken) => Deliveries.ResumeAsync(queue, cancellationToken);

    private bool Add(IReadOnlyList<NewDelivery> deliveries) => world.Sabotage switch
    {
        Sabotage.ForgottenWrites when world.Scheduler.Chance(0.2) => true,
        Sabotage.NoOrder => world.Database.Add(deliveries, areOrdered: false),
        _ => world.Database.Add(deliveries),
    };

    private Task<TResult> CallAsync<TResult>(string what, Func<TResult> call, CancellationToken cancellationToken) =>
        world.CallAsync(process, what, call, cancellationToken);
}
