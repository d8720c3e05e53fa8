using Carillon.AspNetCore.Internal;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore;

/// <summary>A request has come in and is about to be handled. Listeners may change it, or answer it themselves.</summary>
/// <remarks>
/// Inline listeners only: it carries the living request. Dispatched in the request's scope, with the token of the request. An exception of a listener is
/// an exception of the request.
/// </remarks>
/// <threadsafety>Belongs to one request, and like it is not safe for concurrent use.</threadsafety>
[Event("request.handle.before")]
public sealed class BeforeHandleRequest : ILifecycleEvent, IStoppableEvent
{
    private readonly RequestItems _items;

    internal BeforeHandleRequest(HttpContext httpContext, RequestItems items)
    {
        HttpContext = httpContext;
        _items = items;
    }

    /// <summary>The request and its response. What a listener changes here, those after it and the application see.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>What listeners hand on to those of <see cref="AfterHandleRequest"/>: the same dictionary.</summary>
    public IDictionary<string, object?> Items => _items.Value;

    /// <summary>Whether a listener has answered the request. No further listener is called then.</summary>
    public bool IsAnswered { get; private set; }

    bool IStoppableEvent.IsPropagationStopped => IsAnswered;

    /// <summary>The request is answered: neither a listener after this one nor the application handles it.</summary>
    /// <param name="statusCode">The status of the response; null, the default, leaves what the listener has set itself.</param>
    /// <remarks>Write headers and body before or after, through <see cref="HttpContext"/>. A response that has started counts as an answer by itself.</remarks>
    public void Answer(int? statusCode = null)
    {
        if (statusCode is { } status)
        {
            HttpContext.Response.StatusCode = status;
        }

        IsAnswered = true;
    }
}
