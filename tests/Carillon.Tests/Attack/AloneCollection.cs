namespace Carillon.Tests.Attack;

/// <summary>Tests that use all processors, or measure the memory of the process: they run when the others have ended.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    internal const string Name = "Alone";
}
