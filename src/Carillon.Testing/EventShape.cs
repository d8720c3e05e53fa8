using System.Text;
using System.Text.Json;
using Carillon.Envelopes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.Testing;

/// <summary>Proves with a sample that an event comes back from storage as it was.</summary>
public static class EventShape
{
    /// <summary>
    /// Looks at the type as the host does at its start, then writes the sample as JSON, reads it and writes what was read: both texts must be the same. That finds what
    /// only values tell, such as a default that is left out and comes back as another one.
    /// </summary>
    /// <param name="sample">An event with a value that is not the default in every member, and something in every collection.</param>
    /// <param name="envelopes">How the application serializes events. Defaults to the defaults.</param>
    /// <exception cref="InvalidOperationException">It does not survive; the message says what was written, and what was written of what was read.</exception>
    public static void ShouldSurvive(object sample, EnvelopeOptions? envelopes = null)
    {
        ArgumentNullException.ThrowIfNull(sample);
        envelopes ??= new EnvelopeOptions();
        var type = sample.GetType();
        if (envelopes.FindFaults(type) is { Count: > 0 } faults)
        {
            throw new InvalidOperationException($"Events of the type {type} do not survive storage: {string.Join(" ", faults)}");
        }

        var contract = envelopes.Json.GetTypeInfo(type);
        var written = JsonSerializer.SerializeToUtf8Bytes(sample, contract);
        var again = JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(written, contract), contract);
        if (!written.AsSpan().SequenceEqual(again))
        {
            throw new InvalidOperationException(
                $"An event of the type {type} does not come back from storage as it was. Written: {Encoding.UTF8.GetString(written)} Read and written again: {Encoding.UTF8.GetString(again)}");
        }
    }

    /// <summary>The same, with the JSON contexts, converters and limits of the application.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="sample">An event with a value that is not the default in every member, and something in every collection.</param>
    /// <exception cref="InvalidOperationException">It does not survive; the message says what was written, and what was written of what was read.</exception>
    public static void EventShouldSurvive(this IServiceProvider services, object sample)
    {
        ArgumentNullException.ThrowIfNull(services);
        ShouldSurvive(sample, services.GetRequiredService<IOptions<EnvelopeOptions>>().Value);
    }
}
