using System.Diagnostics;
using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mainstay.ServiceDefaults.Telemetry;

/// <summary>Names the spans of incoming calls and measures the calls, refused ones too; health, metrics and reflection leave no spans.</summary>
internal sealed class RpcServerTelemetry(RequestDelegate next)
{
    // For methods that do not exist: the names that a caller makes up must not become labels.
    private const string Other = "_OTHER";

    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        var method = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        if (method is null && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            Mute(span, context.Request.Path.StartsWithSegments("/health") || context.Request.Path.StartsWithSegments("/metrics"));
            await next(context);
            return;
        }

        var (service, name) = method is null ? (Other, Other) : (method.ServiceName, method.Name);
        Mute(span, service.StartsWith("grpc.", StringComparison.Ordinal));
        span?.DisplayName = $"{service}/{name}";
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("rpc.system", "grpc").SetTag("rpc.service", service).SetTag("rpc.method", name);
        }

        try
        {
            await next(context);
        }
        finally
        {
            RpcTelemetry.ServerEnded(span, service, name, StatusOf(context), Stopwatch.GetElapsedTime(start));
        }
    }

    private static void Mute(Activity? span, bool mute)
    {
        if (mute && span is not null)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.IsAllDataRequested = false;
        }
    }

    private static StatusCode StatusOf(HttpContext context)
    {
        var response = context.Response;
        var text = (string?)response.Headers["grpc-status"] ?? (string?)context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers["grpc-status"];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? (StatusCode)code
            : context.RequestAborted.IsCancellationRequested ? StatusCode.Cancelled
            : response.StatusCode switch
            {
                StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
                StatusCodes.Status403Forbidden => StatusCode.PermissionDenied,
                StatusCodes.Status404NotFound => StatusCode.Unimplemented,
                _ => StatusCode.Unknown,
            };
    }
}
