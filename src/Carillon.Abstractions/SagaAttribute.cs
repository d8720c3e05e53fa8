namespace Carillon;

/// <summary>Says what a saga is called in the store, and how old its state may be.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SagaAttribute : Attribute
{
    /// <summary>Names a saga.</summary>
    /// <param name="name">Its name in the store. It outlives the code: keep it when you rename the class.</param>
    public SagaAttribute(string name) => Name = name;

    /// <summary>Its name in the store. Without this attribute it is that of the class.</summary>
    public string Name { get; }

    /// <summary>The version of its state, from 1. Raise it with a change that old state cannot be read as, and override <c>Upgrade</c>. Defaults to 1.</summary>
    public int Version { get; set; } = 1;

    /// <summary>What becomes of an event whose saga is not there, since it comes before the one that begins it. Defaults to <see cref="EarlyEvents.Wait"/>.</summary>
    public EarlyEvents Early { get; set; }
}
