namespace Carillon.Listeners.Internal;

/// <summary>What has to be unique about a listener of a manifest and its event.</summary>
internal sealed record LoneName(string TypeName, string? Assembly, string EventName, string ListenerId, ListenerManifest Manifest, int Plan)
{
    /// <summary>Loads the type only where names do not tell: the assembly that was compiled against may have handed the type on to another.</summary>
    internal bool IsOf(Type type) =>
        type.FullName == TypeName && (type.Assembly.GetName().Name == Assembly || Manifest.GetEventType(Plan) == type);

    internal bool IsOfSameType(LoneName other) =>
        other.TypeName == TypeName && (other.Assembly == Assembly || Manifest.GetEventType(Plan) == other.Manifest.GetEventType(other.Plan));
}
