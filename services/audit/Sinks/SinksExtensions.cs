namespace Mainstay.Audit.Sinks;

internal static class SinksExtensions
{
    /// <summary>Adds the sinks of <c>audit.sinks</c>; a bad entry stops the service at start.</summary>
    public static WebApplicationBuilder AddSinks(this WebApplicationBuilder builder, params ISinkType[] types)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in builder.Configuration.GetSection("audit:sinks").GetChildren())
        {
            var settings = new SinkSettings(builder.Configuration, section);
            if (!names.Add(settings.Name))
            {
                throw settings.Refuse("name", $"is '{settings.Name}', which another sink has already");
            }

            var type = types.SingleOrDefault(type => type.Type == settings.Type)
                ?? throw settings.Refuse("type", $"must be one of {string.Join(", ", types.Select(type => type.Type))}, not '{settings.Type}'");
            var make = type.Prepare(settings);
            builder.Services.AddSingleton(services => make(services.GetRequiredService<TimeProvider>()));
        }

        builder.Services.AddHostedService<ForwardEvents>();
        return builder;
    }
}
