using Carillon.Dispatch.Internal;

namespace Carillon.Dispatch;

/// <summary>One call of a listener of a manifest, before there is a plan for its event. Generated code reads it.</summary>
public struct LoneCall
{
    // Set one by one, and read as fields where nothing is generated: a constructor and each accessor would be a method more to compile at the first dispatch.
    internal EarlyPlan Plan;
    internal DispatchScope Scope;
    internal CancellationToken Token;
    internal ValueTask Returned;

    /// <summary>Handed to the listener.</summary>
    public readonly CancellationToken CancellationToken => Token;

    /// <summary>Set to what the listener returns if it can still be running then.</summary>
    public ValueTask Running
    {
        readonly get => Returned;
        set => Returned = value;
    }

    /// <summary>Tells which instance is called: that of the application, if it has registered the class, and otherwise the first one that was made.</summary>
    /// <param name="made">A new instance, of a class that carries nothing.</param>
    public readonly object Listener(object made) => Plan.Own ?? Plan.Choose(made, Scope);
}
