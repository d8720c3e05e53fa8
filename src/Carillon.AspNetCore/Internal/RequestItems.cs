namespace Carillon.AspNetCore.Internal;

/// <summary>What the events of one request share, made when somebody hands something on.</summary>
internal sealed class RequestItems
{
    private Dictionary<string, object?>? _value;

    internal IDictionary<string, object?> Value => _value ??= [];
}
