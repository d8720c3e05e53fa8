using System.Reflection;
using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Hosting.Internal;

/// <summary>What is said of two listeners with one id: classes of one name in two assemblies have it soon, and then the events tell nothing.</summary>
internal static class TwoListeners
{
    /// <param name="id">The id.</param>
    /// <param name="one">A <see cref="Listener"/> or a <see cref="LoneName"/>.</param>
    /// <param name="other">The same.</param>
    internal static string Say(string id, object one, object other) =>
        $"Two listeners have the id '{id}', one of {Describe(one)} and one of {Describe(other)}. "
        + "Give each an id of its own, with [OnEvent(Id = \"...\")] or ListenOptions.Id.";

    private static string Describe(object listener) => listener switch
    {
        LoneName lone => $"'{lone.TypeName}'{In(lone.Manifest)}",
        Listener added => $"'{added.EventType}'{In((added.Handler ?? added.Invoke).Target)}",
        _ => $"'{listener}'",
    };

    // The code of a listener class is called by Carillon's own, which says nothing of where the class is.
    private static string In(object? code) =>
        code?.GetType().Assembly is { } assembly && assembly != typeof(TwoListeners).Assembly ? $" in {NameOf(assembly)}" : string.Empty;

    private static string? NameOf(Assembly assembly) => assembly.GetName().Name;
}
