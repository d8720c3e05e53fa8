using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
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

    /// <summary>Tells which instance is called: that of the application, if it has registered the class, and otherwise one that is made here, once.</summary>
    /// <typeparam name="TListener">A class without fields and without a constructor of its own: an instance is made without running code, which would have to be compiled.</typeparam>
    public readonly TListener Listener<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)] TListener>()
        where TListener : class =>
        Unsafe.As<TListener>(Plan.Own ?? Plan.Choose(typeof(TListener), Scope));

    /// <summary>Tells which instance is called: that of the application, if it has registered the class, and otherwise the first one that was made.</summary>
    /// <typeparam name="TListener">The class.</typeparam>
    /// <param name="made">A new instance, which carries nothing that changes.</param>
    public readonly TListener Listener<TListener>(TListener made)
        where TListener : class =>
        Unsafe.As<TListener>(Plan.Own ?? Plan.Choose(made, Scope));
}
