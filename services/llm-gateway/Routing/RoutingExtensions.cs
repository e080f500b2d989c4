using System.Globalization;
using Mainstay.LlmGateway.Providers;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.LlmGateway.Routing;

internal static class RoutingExtensions
{
    private static readonly string[] RouteKeys = ["model", "provider", "upstream_model", "input_price_per_million", "output_price_per_million", "max_output_tokens"];

    /// <summary>Adds the routes of <c>llm.routes</c> over the providers of <c>llm.providers</c>.</summary>
    public static IServiceCollection AddRouting(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider =>
        {
            var providers = Providers(provider, configuration);
            return new ModelRouter(Routes(configuration, providers), providers);
        });
        return services;
    }

    private static Dictionary<string, IModelProvider> Providers(IServiceProvider services, IConfiguration configuration)
    {
        var types = services.GetServices<IModelProviderType>().ToDictionary(type => type.Name);
        var providers = new Dictionary<string, IModelProvider>();
        foreach (var section in configuration.GetSection("llm:providers").GetChildren())
        {
            var name = configuration.Required($"{section.Path}:name");
            var type = configuration.Required($"{section.Path}:type");
            if (!types.TryGetValue(type, out var found))
            {
                throw new MainstayConfigurationException($"'{section.Path}:type' must be one of {string.Join(", ", types.Keys)}, not '{type}'.");
            }

            section.RefuseOthers(["name", "type", .. found.Keys]);
            if (!providers.TryAdd(name, found.Create(name, section)))
            {
                throw new MainstayConfigurationException($"'{section.Path}:name' repeats '{name}'; each provider needs a name of its own.");
            }
        }

        return providers;
    }

    private static Dictionary<string, ModelRoute> Routes(IConfiguration configuration, Dictionary<string, IModelProvider> providers)
    {
        var routes = new Dictionary<string, ModelRoute>();
        foreach (var section in configuration.GetSection("llm:routes").GetChildren())
        {
            section.RefuseOthers(RouteKeys);
            var route = new ModelRoute(
                configuration.Required($"{section.Path}:model"),
                configuration.Required($"{section.Path}:provider"),
                configuration.Required($"{section.Path}:upstream_model"),
                Price(section, "input_price_per_million"),
                Price(section, "output_price_per_million"),
                section["max_output_tokens"] is { Length: > 0 } ? configuration.RequiredNumber($"{section.Path}:max_output_tokens") : 0);
            if (!providers.TryGetValue(route.Provider, out var provider))
            {
                throw new MainstayConfigurationException(
                    $"'{section.Path}:provider' names '{route.Provider}', which is not among 'llm:providers' ({string.Join(", ", providers.Keys)}).");
            }

            provider.Check(route, $"{section.Path}:upstream_model");
            if (!routes.TryAdd(route.Model, route))
            {
                throw new MainstayConfigurationException($"'{section.Path}:model' repeats '{route.Model}'; each route needs a name of its own.");
            }
        }

        return routes;
    }

    // Written in US dollars; kept in millionths, so that no sum is ever rounded but once.
    private static long Price(IConfigurationSection section, string key) => section[key] switch
    {
        null or "" => 0,
        var text when decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price <= 1_000_000 => (long)decimal.Ceiling(price * 1_000_000),
        var text => throw new MainstayConfigurationException($"'{section.Path}:{key}' must be a price in US dollars such as 0.40, not '{text}'."),
    };
}
