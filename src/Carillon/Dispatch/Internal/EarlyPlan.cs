using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch.Internal;

/// <summary>
/// Calls a listener out of a manifest while its event has hardly been dispatched: the code is the same for all of them but for one small method, where a plan is a class
/// to load and three methods to compile. Many events of an application are dispatched a few times, or never.
/// </summary>
/// <remarks>Calls the same listener in the same way as the plan that comes after it. Not used where nothing is compiled at run time.</remarks>
internal sealed class EarlyPlan(LoneListener lone, ServiceLifetimes lifetimes)
{
    // The runtime begins to think of optimizing a method after as many calls.
    internal const int Dispatches = 30;

    private int _dispatches;

    /// <summary>Whether a plan pays now. Dispatches at the same time may be counted as one, which only puts it off.</summary>
    internal bool IsOver;

    /// <summary>The instance that is called, once there is one that nobody has registered.</summary>
    internal object? Own;

    internal ValueTask InvokeAsync(object @event, DispatchScope scope, CancellationToken cancellationToken)
    {
        if (++_dispatches >= Dispatches)
        {
            IsOver = true;
        }

        LoneCall call = default;
        call.Plan = this;
        call.Scope = scope;
        call.Token = cancellationToken;
        ((GeneratedManifest)lone.Manifest).Call(lone.Plan, @event, ref call);
        return call.Returned;
    }

    internal object Choose(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)] Type type, DispatchScope scope) =>
        lifetimes.IsRegistered(type) ? Resolve(type, scope) : Own = RuntimeHelpers.GetUninitializedObject(type);

    internal object Choose(object made, DispatchScope scope) =>
        lifetimes.IsRegistered(made.GetType()) ? Resolve(made.GetType(), scope) : Own = made;

    // The one place where it is another's word that the instance is of its class: whoever is given it does not look again.
    private static object Resolve(Type type, DispatchScope scope)
    {
        var found = scope.Services.GetRequiredService(type);
        return type.IsInstanceOfType(found)
            ? found
            : throw new InvalidCastException($"The listener class '{type}' is registered with a factory that made '{found.GetType()}'. Let it make an instance of the class.");
    }
}
