using Microsoft.AspNetCore.Http;

namespace Mainstay.Audit.Tests.Sinks.Stubs;

/// <summary>The ways in which a receiver fails.</summary>
internal static class Faults
{
    public static IReadOnlyDictionary<string, Func<HttpContext, Task>> All { get; } = new Dictionary<string, Func<HttpContext, Task>>
    {
        ["429"] = context =>
        {
            context.Response.Headers.RetryAfter = "0";
            return StatusAsync(context, StatusCodes.Status429TooManyRequests);
        },
        ["500"] = context => StatusAsync(context, StatusCodes.Status500InternalServerError),
        ["503"] = context => StatusAsync(context, StatusCodes.Status503ServiceUnavailable),
        ["hangs"] = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
        ["resets"] = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        ["closes in the body"] = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        },
    };

    private static async Task StatusAsync(HttpContext context, int status)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.StatusCode = status;
    }
}
