using System.Net;
using System.Net.Sockets;

namespace Keda.Inference.Ingress.Callbacks;

/// <summary>Tells addresses of the public internet from those inside a network, which a stranger must not make us call.</summary>
internal static class PublicAddresses
{
    // IANA's special-purpose registries, without the globally reachable entries.
    private static readonly IPNetwork[] s_notPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Everything outside 2000::/3 is unassigned, local or multicast.
    private static readonly IPNetwork s_globalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] s_notPublicWithin =
    [
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("3fff::/20"),
    ];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !s_notPublic.Any(network => network.Contains(address)),
            // NAT64 and 6to4 would reach an IPv4 address of the caller's choice; both are outside of what is let through.
            AddressFamily.InterNetworkV6 => s_globalUnicast.Contains(address) && !s_notPublicWithin.Any(network => network.Contains(address)),
            _ => false,
        };
    }
}
