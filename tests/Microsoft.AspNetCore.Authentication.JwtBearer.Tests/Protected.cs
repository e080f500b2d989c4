using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Microsoft.AspNetCore.Authentication.JwtBearer.Tests;

/// <summary>An application that answers only to whom its tokens allow, with the caller's name.</summary>
internal sealed class Protected : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly HttpClient http = new();

    private Protected(WebApplication application) => this.application = application;

    public static async Task<Protected> StartAsync(Action<JwtBearerOptions> configure, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(configure);
        builder.Services.AddAuthorization();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestHeadersTotalSize = 1024 * 1024);
        var application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGet("/", (HttpContext context) => context.User.Identity!.Name ?? "").RequireAuthorization();
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new Protected(application);
    }

    /// <summary>Options that know an issuer, its audience and its keys.</summary>
    public static Action<JwtBearerOptions> Trusting(Issuer issuer) => Trusting(issuer.Keys);

    /// <summary>Options that know the tests' issuer under given keys.</summary>
    public static Action<JwtBearerOptions> Trusting(string keys) => options => options.TokenValidationParameters = new TokenValidationParameters
    {
        ValidIssuer = Issuer.Name,
        ValidAudience = Issuer.Audience,
        IssuerSigningKeys = new JsonWebKeySet(keys).GetSigningKeys(),
        NameClaimType = "sub",
        ClockSkew = TimeSpan.FromSeconds(30),
    };

    /// <summary>Calls with a token; the challenge says why it was refused.</summary>
    public async Task<(HttpStatusCode Status, string Body, string Challenge)> CallAsync(string? token, string scheme = "Bearer")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, application.Urls.First());
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue(scheme, token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers.WwwAuthenticate.ToString());
    }

    public async Task AssertRefusedAsync(string token, string reason)
    {
        var (status, _, challenge) = await CallAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains(reason, challenge, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await application.DisposeAsync();
    }
}
