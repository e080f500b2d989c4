using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds bearer authentication.</summary>
public static class JwtBearerExtensions
{
    /// <summary>Adds bearer authentication under its default scheme.</summary>
    public static AuthenticationBuilder AddJwtBearer(this AuthenticationBuilder builder) =>
        builder.AddJwtBearer(JwtBearerDefaults.AuthenticationScheme, _ => { });

    /// <summary>Adds bearer authentication under its default scheme.</summary>
    public static AuthenticationBuilder AddJwtBearer(this AuthenticationBuilder builder, Action<JwtBearerOptions> configureOptions) =>
        builder.AddJwtBearer(JwtBearerDefaults.AuthenticationScheme, configureOptions);

    /// <summary>Adds bearer authentication under a scheme.</summary>
    public static AuthenticationBuilder AddJwtBearer(this AuthenticationBuilder builder, string authenticationScheme, Action<JwtBearerOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, AudienceDefault>());
        return builder.AddScheme<JwtBearerOptions, JwtBearerHandler>(authenticationScheme, configureOptions);
    }

    private sealed class AudienceDefault : IPostConfigureOptions<JwtBearerOptions>
    {
        public void PostConfigure(string? name, JwtBearerOptions options) =>
            options.TokenValidationParameters.ValidAudience ??= options.Audience;
    }
}
