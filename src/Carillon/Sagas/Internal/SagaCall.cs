using Carillon.Deliveries.Internal;
using Carillon.Listeners;

namespace Carillon.Sagas.Internal;

/// <summary>Calls a method of a saga with its state around it.</summary>
internal sealed class SagaCall(SagaStep step, string listenerId, ListenerInvoker invoke)
{
    internal ValueTask Invoke(object @event, in ListenerCall call) => DurableEngine.Get<SagaRunner>(call.Services).RunAsync(step, listenerId, invoke, @event, call);
}
