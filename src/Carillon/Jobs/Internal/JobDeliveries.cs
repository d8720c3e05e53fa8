using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Envelopes;
using Carillon.Events.Internal;
using Carillon.Hosting.Internal;
using Carillon.Listeners;

namespace Carillon.Jobs.Internal;

/// <summary>Makes the delivery of a job.</summary>
internal sealed class JobDeliveries(CarillonSetup setup, EventCatalog events, DeliveryRecorder recorder)
{
    internal NewDelivery Of(IJob job, DeliveryOptions? options, Envelope? cause)
    {
        var type = job.GetType();
        var handler = setup.Jobs.Find(type) ?? throw WithoutHandler(type);
        return NewDeliveries.Of(handler, recorder.Seal(events.Find(type)!, job, context: null, cause), job, options);
    }

    internal Listener? FindHandler(Type type) => setup.Jobs.Find(type);

    private static CarillonException WithoutHandler(Type type) =>
        new($"The job '{type}' has no handler in this application, so nobody could do it. Mark a method with [OnJob] in an assembly whose listeners are added, or call HandleJob<{type.Name}>(...) in "
            + "AddCarillon. A process that only pushes adds the handler as well, and switches its worker off (WorkerOptions.Enabled).");
}
