using Mainstay.LlmGateway.Providers;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.LlmGateway.Routing;

internal static class RoutingExtensions
{
    private static readonly string[] RouteKeys =
        ["model", "provider", "upstream_model", "input_price_per_million", "output_price_per_million", "max_output_tokens", "rbac_scope"];

    /// <summary>Adds the routes of <c>llm.routes</c> to the providers of <c>llm.providers</c>; a bad entry stops the service at start.</summary>
    public static WebApplicationBuilder AddRouting(this WebApplicationBuilder builder, params IModelProviderType[] types)
    {
        new SettingsSection(builder.Configuration, "llm").Allow("providers", "routes", "idempotency");
        var providers = ReadProviders(builder.Configuration, types);
        var routes = ReadRoutes(builder.Configuration, providers);
        builder.Services.AddSingleton(services =>
        {
            var made = providers.ToDictionary(provider => provider.Key, provider => provider.Value.Make(services));
            return new ModelRouter(routes.ToDictionary(route => route.Key, route => route.Value(made)));
        });
        return builder;
    }

    private static Dictionary<string, IPreparedProvider> ReadProviders(IConfiguration configuration, IModelProviderType[] types)
    {
        var providers = new Dictionary<string, IPreparedProvider>(StringComparer.Ordinal);
        foreach (var section in SettingsSection.List(configuration, "llm:providers"))
        {
            var name = section.Required("name");
            var typeName = section.Required("type");
            var type = types.SingleOrDefault(type => type.Name == typeName)
                ?? throw section.Refuse("type", $"must be one of {string.Join(", ", types.Select(type => type.Name))}, not '{typeName}'");
            section.Allow(["name", "type", .. type.Keys]);
            if (!providers.TryAdd(name, type.Prepare(name, section)))
            {
                throw section.Refuse("name", $"is '{name}', which another provider has already");
            }
        }

        return providers;
    }

    private static Dictionary<string, Func<IReadOnlyDictionary<string, IModelProvider>, ModelRoute>> ReadRoutes(
        IConfiguration configuration, Dictionary<string, IPreparedProvider> providers)
    {
        var routes = new Dictionary<string, Func<IReadOnlyDictionary<string, IModelProvider>, ModelRoute>>(StringComparer.Ordinal);
        foreach (var section in SettingsSection.List(configuration, "llm:routes"))
        {
            section.Allow(RouteKeys);
            var (model, provider, upstreamModel) = (section.Required("model"), section.Required("provider"), section.Required("upstream_model"));
            var (inputPrice, outputPrice) = (section.Price("input_price_per_million"), section.Price("output_price_per_million"));
            var (maxOutputTokens, scope) = (section.Number("max_output_tokens", 0), section.Text("rbac_scope"));
            if (!providers.TryGetValue(provider, out var prepared))
            {
                throw section.Refuse("provider", $"is '{provider}', which 'llm:providers' does not name; it names {string.Join(", ", providers.Keys)}");
            }

            prepared.AddModel(upstreamModel, section);
            if (!routes.TryAdd(model, made => new ModelRoute(model, made[provider], upstreamModel, inputPrice, outputPrice, maxOutputTokens, scope)))
            {
                throw section.Refuse("model", $"is '{model}', which another route has already");
            }
        }

        return routes.ContainsKey(ModelRouter.Default)
            ? routes
            : throw new MainstayConfigurationException($"'llm:routes' has no route for the model '{ModelRouter.Default}', which callers get who name none.");
    }
}
