using Microsoft.AspNetCore.Mvc;

namespace Polls.ExternalApi;

internal static class PretendApiEndpoints
{
    public const string Path = "/external-api/notifications";

    public static void MapPretendApi(this IEndpointRouteBuilder routes) =>
        routes.MapPost(
            Path,
            static async (
                PollNotification notification,
                [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
                PretendApi api,
                CancellationToken cancellationToken) =>
                await api.ReceiveAsync(notification, idempotencyKey, cancellationToken)
                    ? Results.NoContent()
                    : Results.Problem("The pretend API was told to fail.", statusCode: StatusCodes.Status503ServiceUnavailable));
}
