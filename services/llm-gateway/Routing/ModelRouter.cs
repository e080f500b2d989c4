using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.LlmGateway.Routing;

/// <summary>Finds the route of a model's name.</summary>
internal sealed class ModelRouter(IReadOnlyDictionary<string, ModelRoute> routes)
{
    /// <summary>The model of callers who name none.</summary>
    public const string Default = "default";

    /// <summary>Every model that a caller may name, by name.</summary>
    public IEnumerable<Model> ModelsFor(CallerContext caller) => routes.Values
        .Where(route => caller.HasScope(route.RbacScope))
        .OrderBy(route => route.Model, StringComparer.Ordinal)
        .Select(route => route.ToModel());

    /// <summary>The route of a name; the empty name means "default".</summary>
    public ModelRoute Find(string model)
    {
        var name = model.Length == 0 ? Default : model;
        return routes.GetValueOrDefault(name) ?? throw LlmErrors.ModelNotFound(name);
    }
}
