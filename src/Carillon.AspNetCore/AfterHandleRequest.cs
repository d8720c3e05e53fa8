using Carillon.AspNetCore.Internal;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore;

/// <summary>A request was handled, well or badly.</summary>
/// <remarks>
/// Inline listeners only: it carries the living request. Dispatched in the request's scope, also when the client is gone. The response may be on its way: its
/// headers are set by listeners of <see cref="BeforeHandleRequest"/>. An exception of a listener is logged and changes nothing for the client.
/// </remarks>
[Event("request.handle.after")]
public sealed class AfterHandleRequest : ILifecycleEvent
{
    private readonly RequestItems _items;

    internal AfterHandleRequest(HttpContext httpContext, RequestItems items)
    {
        HttpContext = httpContext;
        _items = items;
    }

    /// <summary>The request and its response.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>What listeners of <see cref="BeforeHandleRequest"/> have handed on.</summary>
    public IDictionary<string, object?> Items => _items.Value;

    /// <summary>How long it took from where UseRequestEvents stands in the pipeline and back, listeners of <see cref="BeforeHandleRequest"/> included.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The status that the client gets. For an exception that nobody has made a response of: that of the exception if it says one, 499 if the client is gone, else 500.</summary>
    public int StatusCode { get; internal init; }

    /// <summary>The exception with which the request failed, also if an exception handler has made a response of it; null if there was none.</summary>
    public Exception? Exception { get; internal init; }

    /// <summary>Whether a listener of <see cref="BeforeHandleRequest"/> has answered, so that the application has not seen the request.</summary>
    public bool WasAnsweredBefore { get; internal init; }
}
