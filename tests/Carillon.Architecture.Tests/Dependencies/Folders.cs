namespace Carillon.Architecture.Tests.Dependencies;

/// <summary>Which folder of src/Carillon may use which. The root holds the contracts, which everybody may use, and the builder, which uses everybody.</summary>
internal static class Folders
{
    internal const string Root = ".";

    /// <summary>From the bottom up; a folder uses only what stands above it in this list.</summary>
    internal static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Diagnostics"] = [],
        ["Retries"] = [],
        ["Operations"] = [],
        ["Events"] = ["Operations"],
        ["Names"] = [],
        ["Listeners"] = ["Diagnostics", "Events", "Names"],
        ["Waiting"] = ["Listeners"],
        ["Caching"] = ["Listeners"],
        ["Background"] = ["Diagnostics", "Events", "Listeners"],
        ["Envelopes"] = ["Events"],
        ["Inbox"] = [],
        ["Middleware"] = ["Diagnostics", "Events", "Listeners"],
        ["Tracing"] = ["Events", "Listeners"],
        ["Deliveries"] = ["Diagnostics", "Retries", "Events", "Listeners", "Envelopes", "Inbox", "Middleware", "Tracing"],
        ["Dispatch"] = ["Diagnostics", "Events", "Names", "Listeners", "Background", "Envelopes", "Middleware", "Tracing", "Deliveries"],
        ["Transactions"] = ["Diagnostics", "Envelopes", "Deliveries", "Dispatch"],
        ["Jobs"] = ["Events", "Listeners", "Envelopes", "Deliveries", "Dispatch"],
        ["Scheduling"] = ["Diagnostics", "Events", "Listeners", "Envelopes", "Deliveries", "Dispatch", "Jobs"],
        ["Sagas"] = ["Diagnostics", "Retries", "Events", "Listeners", "Envelopes", "Deliveries", "Dispatch", "Scheduling"],
        ["Transports"] = ["Diagnostics", "Retries", "Events", "Names", "Listeners", "Envelopes", "Inbox", "Deliveries", "Dispatch"],
        ["EventSourcing"] = ["Diagnostics", "Retries", "Events", "Listeners", "Envelopes", "Deliveries", "Dispatch", "Transactions"],
        ["Hosting"] = ["Caching", "Diagnostics", "Retries", "Events", "Names", "Operations", "Listeners", "Waiting", "Background", "Envelopes", "Inbox", "Middleware", "Deliveries", "Dispatch", "Transactions", "Jobs", "Scheduling", "Sagas", "Transports", "EventSourcing"],
    };

    /// <summary>Arrows that point up all the same, each to one type, with the reason.</summary>
    internal static readonly IReadOnlyList<UpwardUse> Upward =
    [
        new("Deliveries", "Carillon.Dispatch.Internal.EventDispatcher",
            "an attempt runs its listener with a dispatcher of its own, so that what the listener dispatches is caused by its event"),
        new("Deliveries", "Carillon.Transactions.Internal.IDeliverySink", "without a unit of work the store itself takes the deliveries of a dispatch"),
        new("Middleware", "Carillon.Dispatch.Internal.MiddlewareStep", "what a middleware calls next is a step of a plan; an interface between the two would cost as much as the step"),
        new("Middleware", "Carillon.Dispatch.DispatchScope", "what a middleware calls next belongs to the scope of the dispatch"),
        new("Deliveries", "Carillon.Transactions.Internal.PendingWork", "deliveries go to the unit of work that is open, if one is"),
        new("Dispatch", "Carillon.Transactions.Internal.PendingWork", "a dispatch gives what waits for a phase to the unit of work that is open"),
        new("Dispatch", "Carillon.Transactions.Internal.IDeliverySink", "an attempt that writes deliveries with its outcome is asked where the unit of work is"),
        new("Dispatch", "Carillon.Transactions.IUnitOfWorkFinder", "a package that follows transactions says which one a dispatch belongs to, when there is a dispatch"),
        new("Dispatch", "Carillon.Transactions.FollowedUnitOfWork", "what it finds is a unit of work that is followed"),
        new("Dispatch", "Carillon.Transactions.Internal.AmbientWork", "without a unit of work of its scope a dispatch belongs to the ambient transaction, if there is one"),
        new("Deliveries", "Carillon.Hosting.WorkerOptions", "how long a lease lasts and how much runs at once is said where the worker is configured"),
        new("Deliveries", "Carillon.Sagas.ISagaStore", "a store keeps deliveries and sagas, which are written in one transaction"),
        new("Deliveries", "Carillon.Sagas.InMemory.InMemorySagas", "the store in memory keeps sagas beside its deliveries"),
        new("Deliveries", "Carillon.Sagas.SagaInstance", "what it keeps of them"),
        new("Deliveries", "Carillon.Sagas.SagaEntry", "what it keeps of their steps"),
        new("Deliveries", "Carillon.Sagas.FoundSaga", "what it finds for a step"),
        new("Deliveries", "Carillon.Sagas.SagaQuery", "what it is asked for"),
        new("Deliveries", "Carillon.Sagas.SagaStatus", "what it counts them by"),
        new("Jobs", "Carillon.Hosting.Internal.CarillonSetup", "which handler a job has was registered, and is collected in one place"),
        new("Scheduling", "Carillon.Hosting.Internal.CarillonSetup", "which schedules there are was registered, and is collected in one place"),
        new("Scheduling", "Carillon.Hosting.WorkerOptions", "how often is looked after what lies in the store is said where the worker is configured"),
        new("Deliveries", "Carillon.Hosting.QueueOptions", "what is said of a queue is said where the worker is configured"),
        new("Deliveries", "Carillon.Transactions.IUnitOfWorkFactory", "a transactional listener runs in a unit of work, so that what it dispatches is committed with its work"),
        new("Deliveries", "Carillon.Transactions.UnitOfWork", "the completion of its delivery is the last thing in that unit of work"),
        new("Dispatch", "Carillon.Hosting.Internal.CarillonSetup", "what was registered is collected in one place and read when the first plan is made"),
        new("Events", "Carillon.Hosting.Internal.CarillonSetup", "what was registered is collected in one place and read when the names are first needed"),
        new("Transports", "Carillon.Hosting.Internal.CarillonSetup", "what leaves and what arrives was registered, and is collected in one place"),
        new("EventSourcing", "Carillon.Hosting.Internal.CarillonSetup", "the listener that appends what is dispatched is registered like any other"),
    ];

    internal static string Of(string file) => file.Split('/') is [_, _, var folder, _, ..] ? folder : Root;
}

internal sealed record UpwardUse(string From, string To, string Reason);
