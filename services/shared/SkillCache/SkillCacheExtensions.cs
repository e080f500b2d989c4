using Mainstay.ServiceDefaults.Clients;
using Mainstay.Skills.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mainstay.SkillCache;

/// <summary>Gives a service the skills without a call for each.</summary>
public static class SkillCacheExtensions
{
    /// <summary>Adds the cache and the client that it asks the registry with.</summary>
    public static WebApplicationBuilder AddSkillCache(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient<SkillService.SkillServiceClient>("skills");
        builder.Services.TryAddSingleton<CachedSkills>();
        return builder;
    }
}
