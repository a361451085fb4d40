-- Brighter torches that water does not put out.

for _, name in ipairs({ "default:torch", "default:torch_wall", "default:torch_ceiling" }) do
	local node = minetest.registered_nodes[name]
	if node then
		minetest.override_item(name, {
			description = "Eternal Torch",
			light_source = 14,
			floodable = false,
			on_flood = function()
				return true
			end,
		})
	end
end

minetest.register_craft({
	output = "default:torch 8",
	recipe = {
		{ "default:coal_lump" },
		{ "group:stick" },
		{ "default:mese_crystal_fragment" },
	},
})

minetest.log("action", "[eternal_torches] torches burn at full light")
