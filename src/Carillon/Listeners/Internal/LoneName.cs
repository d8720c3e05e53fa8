namespace Carillon.Listeners.Internal;

/// <summary>What has to be unique about a listener of a manifest and its event.</summary>
internal sealed record LoneName(string TypeName, string? Assembly, string EventName, string ListenerId)
{
    internal bool IsOf(Type type) => type.FullName == TypeName && type.Assembly.GetName().Name == Assembly;
}
