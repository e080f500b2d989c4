using Mainstay.Llm.V1;
using Mainstay.LlmGateway.Providers;

namespace Mainstay.LlmGateway.Routing;

/// <summary>Finds the route of a model's name and the provider behind it.</summary>
internal sealed class ModelRouter(IReadOnlyDictionary<string, ModelRoute> routes, IReadOnlyDictionary<string, IModelProvider> providers)
{
    private const string Default = "default";

    /// <summary>Every model, by name.</summary>
    public IEnumerable<Model> Models => routes.Values.OrderBy(route => route.Model, StringComparer.Ordinal).Select(route => route.ToModel());

    /// <summary>The route of a name; empty means "default".</summary>
    public (ModelRoute Route, IModelProvider Provider) Find(string model) =>
        routes.TryGetValue(model.Length == 0 ? Default : model, out var route)
            ? (route, providers[route.Provider])
            : throw LlmErrors.ModelNotFound(model);
}
