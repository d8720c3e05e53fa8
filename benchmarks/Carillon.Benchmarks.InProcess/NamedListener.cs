using System.Runtime.CompilerServices;

namespace Carillon.Benchmarks.InProcess;

/// <summary>What is emitted by a name, and has no name of its own.</summary>
public sealed class NamedPayload : CountedEvent;

/// <summary>The one listener of the name <c>user.created</c>.</summary>
public sealed class NamedListener
{
    internal const string Name = "user.created";

    [OnEvent(Name), MethodImpl(MethodImplOptions.NoInlining)]
    public void Handle(NamedPayload payload) => payload.Count();
}
