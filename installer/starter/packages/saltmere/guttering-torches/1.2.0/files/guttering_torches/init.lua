-- Torches burn down to embers; a fresh torch in the hand lights them again.

local EMBER = "guttering_torches:ember"

minetest.register_node(EMBER, {
	description = "Embers",
	drawtype = "nodebox",
	node_box = { type = "fixed", fixed = { -0.0625, -0.5, -0.0625, 0.0625, 0.0625, 0.0625 } },
	tiles = { "guttering_torches_ember.png" },
	paramtype = "light",
	sunlight_propagates = true,
	walkable = false,
	light_source = 4,
	drop = "default:stick",
	groups = { choppy = 2, dig_immediate = 3, attached_node = 1, not_in_creative_inventory = 1 },
	sounds = default.node_sound_wood_defaults(),
	on_rightclick = function(pos, _, player, stack)
		if not player or stack:get_name() ~= "default:torch" then
			return stack
		end
		minetest.set_node(pos, { name = "default:torch", param2 = 1 })
		return stack
	end,
})

minetest.register_abm({
	label = "Torches burn down",
	nodenames = { "default:torch" },
	interval = 30,
	chance = 40,
	catch_up = false,
	action = function(pos)
		minetest.set_node(pos, { name = EMBER })
	end,
})

minetest.log("action", "[guttering_torches] torches will burn down")
